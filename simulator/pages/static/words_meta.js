/** The words about Meta: on the phone, on the faults page. */

// English: [Spanish, Portuguese].
export const META = {
  "accepted": ["aceptado", "aceito"],
  "sent": ["enviado", "enviado"],
  "delivered": ["entregado", "entregue"],
  "read": ["leído", "lido"],
  "You": ["Tú", "Você"],
  "The business": ["La empresa", "A empresa"],
  "the page's inbox": ["la bandeja de la página", "a caixa da página"],
  "thread of %s": ["hilo de %s", "conversa de %s"],
  "typing …": ["escribiendo …", "digitando …"],
  "Meta: 503, 3 calls": ["Meta: 503, 3 llamadas", "Meta: 503, 3 chamadas"],
  "WhatsApp: accepted, answers lost": ["WhatsApp: aceptados, respuestas perdidas", "WhatsApp: aceitas, respostas perdidas"],
  "WhatsApp: undeliverable, told later": ["WhatsApp: no entregable, se dice después", "WhatsApp: não entregável, dito depois"],
  "Messenger: accepted, answers lost": ["Messenger: aceptados, respuestas perdidas", "Messenger: aceitas, respostas perdidas"],
  "take a message, tell later that it failed, with code (Messenger: nobody sees it)": ["toma un mensaje y dice después que falló, con code (Messenger: nadie lo ve)", "aceita uma mensagem e diz depois que falhou, com code (Messenger: ninguém a vê)"],
  "Meta: calls (WA §1, §11, FB §9)": ["Meta: llamadas (WA §1, §11, FB §9)", "Meta: chamadas (WA §1, §11, FB §9)"],
  "Meta: webhooks (WA §2.2, FB §2.2)": ["Meta: webhooks (WA §2.2, FB §2.2)", "Meta: webhooks (WA §2.2, FB §2.2)"],
  "WhatsApp Cloud: users (WA §9, §10)": ["WhatsApp Cloud: usuarios (WA §9, §10)", "WhatsApp Cloud: usuários (WA §9, §10)"],
  "WhatsApp Cloud: sends (WA §7, §8)": ["WhatsApp Cloud: envíos (WA §7, §8)", "WhatsApp Cloud: envios (WA §7, §8)"],
  "WhatsApp Cloud: statuses (WA §5)": ["WhatsApp Cloud: estados (WA §5)", "WhatsApp Cloud: status (WA §5)"],
  "WhatsApp Cloud: media (WA §6)": ["WhatsApp Cloud: archivos (WA §6)", "WhatsApp Cloud: mídia (WA §6)"],
  "Messenger: sends (FB §6, §7, §8)": ["Messenger: envíos (FB §6, §7, §8)", "Messenger: envios (FB §6, §7, §8)"],
  "Messenger: what is told (FB §4)": ["Messenger: lo que se dice (FB §4)", "Messenger: o que se diz (FB §4)"],
  "Messenger: routing (FB §5)": ["Messenger: enrutamiento (FB §5)", "Messenger: roteamento (FB §5)"],
};
