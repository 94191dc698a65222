/** The pages' words in the reader's language: English stands in the pages, Spanish and Portuguese here. */

import { ENHANCED } from "./words_enhanced.js";
import { FAULTS } from "./words_faults.js";
import { META } from "./words_meta.js";
import { RECORD } from "./words_record.js";

// English: [Spanish, Portuguese].
const WORDS = {
  ...ENHANCED,
  ...FAULTS,
  ...META,
  ...RECORD,
  "Simulated world": ["Mundo simulado", "Mundo simulado"],
  "Start": ["Inicio", "Início"],
  "Phone": ["Teléfono", "Telefone"],
  "Desk": ["Escritorio", "Mesa"],
  "Faults": ["Fallas", "Falhas"],
  "Pages": ["Páginas", "Páginas"],
  "connecting": ["conectando", "conectando"],
  "live": ["en vivo", "ao vivo"],
  "reconnecting": ["reconectando", "reconectando"],
  "Every change is shown at once": ["Todo cambio se ve al momento", "Toda mudança aparece na hora"],
  "The simulator does not answer; trying again": ["El simulador no responde; se intenta de nuevo", "O simulador não responde; tentando de novo"],
  "The simulator does not answer.": ["El simulador no responde.", "O simulador não responde."],
  "The simulator answered %s.": ["El simulador respondió %s.", "O simulador respondeu %s."],
  "Bots' users talk to people.": ["Los usuarios de bots hablan con personas.", "Usuários de bots falam com pessoas."],
  "This is the world around the bridge: a": ["Este es el mundo alrededor del puente: un", "Este é o mundo em volta da ponte: um"],
  "phone": ["teléfono", "telefone"],
  "on which a user writes, and the": ["en el que escribe un usuario, y el", "no qual um usuário escreve, e a"],
  "desk": ["escritorio", "mesa"],
  "at which a Salesforce agent answers. In between, nothing is played: the bridge is real.": ["en el que responde un agente de Salesforce. En medio nada es actuado: el puente es real.", "na qual um atendente da Salesforce responde. No meio nada é encenado: a ponte é real."],
  "A first chat, in four steps": ["Un primer chat, en cuatro pasos", "Um primeiro chat, em quatro passos"],
  "Write to the bot": ["Escribe al bot", "Escreva ao bot"],
  "Open the phone and say hello. The bot answers.": ["Abre el teléfono y saluda. El bot responde.", "Abra o telefone e diga olá. O bot responde."],
  "Open the phone": ["Abrir el teléfono", "Abrir o telefone"],
  "Ask for a human": ["Pedir una persona", "Pedir uma pessoa"],
  "Press": ["Pulsa", "Aperte"],
  "on the phone, or write «agente».": ["en el teléfono, o escribe «agente».", "no telefone, ou escreva «agente»."],
  "Accept and answer": ["Acepta y responde", "Aceite e responda"],
  "Somebody waits at the desk. Accept, read what was said before, answer.": ["Alguien espera en el escritorio. Acepta, lee lo que se dijo antes, responde.", "Alguém espera na mesa. Aceite, leia o que se disse antes, responda."],
  "Open the desk": ["Abrir el escritorio", "Abrir a mesa"],
  "End it, and look back": ["Termínalo y mira atrás", "Encerre e olhe para trás"],
  "End the chat at the desk: the bot has its user back. The console shows what the bridge knows of it.": ["Termina el chat en el escritorio: el bot recupera a su usuario. La consola muestra lo que el puente sabe de él.", "Encerre o chat na mesa: o bot tem seu usuário de volta. O console mostra o que a ponte sabe dele."],
  "Open the console": ["Abrir la consola", "Abrir o console"],
  "Where everything is": ["Dónde está todo", "Onde está tudo"],
  "The users, and the bot they talk to": ["Los usuarios, y el bot con el que hablan", "Os usuários, e o bot com quem falam"],
  "The agents, as in Salesforce": ["Los agentes, como en Salesforce", "Os atendentes, como na Salesforce"],
  "Break things, and watch": ["Rompe cosas y observa", "Quebre coisas e observe"],
  "Console ↗": ["Consola ↗", "Console ↗"],
  "Bots, routes and conversations": ["Bots, rutas y conversaciones", "Bots, rotas e conversas"],
  "Console": ["Consola", "Console"],
  "not told yet": ["aún no se sabe", "ainda não se sabe"],
  "Login": ["Acceso", "Acesso"],
  "Bots' API": ["API de los bots", "API dos bots"],
  "Bot": ["Bot", "Bot"],
  "Scripting": ["Guiones", "Roteiros"],
  "Step %s": ["Paso %s", "Passo %s"],
  "Step %s, done": ["Paso %s, hecho", "Passo %s, feito"],
  "%s waiting, %s open, %s ended": ["%s esperan, %s abiertos, %s terminados", "%s esperam, %s abertos, %s encerrados"],
  "%s people, and the bot they talk to": ["%s personas, y el bot con el que hablan", "%s pessoas, e o bot com quem falam"],
  "%s people, and the bots they talk to": ["%s personas, y los bots con los que hablan", "%s pessoas, e os bots com quem falam"],
  "One person, and the bot they talk to": ["Una persona, y el bot con el que habla", "Uma pessoa, e o bot com quem fala"],
  "One fault is set": ["Hay una falla puesta", "Há uma falha posta"],
  "%s faults are set": ["Hay %s fallas puestas", "Há %s falhas postas"],
  "A user's phone": ["El teléfono de un usuario", "O telefone de um usuário"],
  "People": ["Personas", "Pessoas"],
  "Add somebody": ["Agregar a alguien", "Adicionar alguém"],
  "Name": ["Nombre", "Nome"],
  "Number": ["Número", "Número"],
  "Add": ["Agregar", "Adicionar"],
  "Talks to": ["Habla con", "Fala com"],
  "%s, on %s": ["%s, por %s", "%s, por %s"],
  "The bot answers by itself": ["El bot responde solo", "O bot responde sozinho"],
  "Leave the chat": ["Dejar el chat", "Sair do chat"],
  "Messages": ["Mensajes", "Mensagens"],
  "Nothing was said yet.": ["Todavía no se dijo nada.", "Nada foi dito ainda."],
  "Write to the bot, or ask for a human at once.": ["Escribe al bot, o pide una persona de una vez.", "Escreva ao bot, ou peça uma pessoa de uma vez."],
  "Send a file": ["Enviar un archivo", "Enviar um arquivo"],
  "Photo": ["Foto", "Foto"],
  "Document": ["Documento", "Documento"],
  "Audio": ["Audio", "Áudio"],
  "Voice note": ["Nota de voz", "Mensagem de voz"],
  "Video": ["Video", "Vídeo"],
  "Message": ["Mensaje", "Mensagem"],
  "Send": ["Enviar", "Enviar"],
  "with a person": ["con una persona", "com uma pessoa"],
  "with the bot": ["con el bot", "com o bot"],
  "sent, no answer yet": ["enviado, aún sin respuesta", "enviado, ainda sem resposta"],
  "taken by the bridge": ["lo tomó el puente", "a ponte recebeu"],
  "failed": ["falló", "falhou"],
  "no answer": ["sin respuesta", "sem resposta"],
  "%s: the webhook was answered %s": ["%s: el webhook recibió %s", "%s: o webhook recebeu %s"],
  "Failed (%s) – retry": ["Falló (%s) – reintentar", "Falhou (%s) – tentar de novo"],
  "The bridge answered %s.": ["El puente respondió %s.", "A ponte respondeu %s."],
  "nothing": ["nada", "nada"],
  "A file may have 5 MB.": ["Un archivo puede tener 5 MB.", "Um arquivo pode ter 5 MB."],
  "The bot asks the bridge for a human …": ["El bot pide una persona al puente …", "O bot pede uma pessoa à ponte …"],
  "The bridge opened a chat at Salesforce": ["El puente abrió un chat en Salesforce", "A ponte abriu um chat na Salesforce"],
  "The bridge said no": ["El puente dijo que no", "A ponte disse não"],
  "The bot ended the chat": ["El bot terminó el chat", "O bot encerrou o chat"],
  "The bot has its user back": ["El bot recupera a su usuario", "O bot tem seu usuário de volta"],
  "The agent's desk": ["El escritorio del agente", "A mesa do atendente"],
  "Chats": ["Chats", "Chats"],
  "You are": ["Eres", "Você é"],
  "An agent answers by himself": ["Un agente responde solo", "Um atendente responde sozinho"],
  "Waiting": ["Esperan", "Esperam"],
  "Nobody waits.": ["Nadie espera.", "Ninguém espera."],
  "Open": ["Abiertos", "Abertos"],
  "No chat is open.": ["No hay chats abiertos.", "Nenhum chat aberto."],
  "Ended": ["Terminados", "Encerrados"],
  "None yet.": ["Ninguno aún.", "Nenhum ainda."],
  "All chats": ["Todos los chats", "Todos os chats"],
  "Accept": ["Aceptar", "Aceitar"],
  "Accept %s": ["Aceptar a %s", "Aceitar %s"],
  "End chat": ["Terminar chat", "Encerrar chat"],
  "More": ["Más", "Mais"],
  "Transfer to an agent …": ["Transferir a un agente …", "Transferir a um atendente …"],
  "Ask for a file": ["Pedir un archivo", "Pedir um arquivo"],
  "Withdraw the wish for a file": ["Retirar el pedido de un archivo", "Retirar o pedido de um arquivo"],
  "Return to the queue": ["Devolver a la fila", "Devolver à fila"],
  "Lose the connection": ["Perder la conexión", "Perder a conexão"],
  "Refuse: no agent available": ["Rechazar: no hay agentes", "Recusar: não há atendentes"],
  "The record": ["El registro", "O registro"],
  "Conversation": ["Conversación", "Conversa"],
  "Answer": ["Respuesta", "Resposta"],
  "Choose a chat.": ["Elige un chat.", "Escolha um chat."],
  "When somebody": ["Cuando alguien", "Quando alguém"],
  "on the phone": ["en el teléfono", "no telefone"],
  "asks for a human, they wait here.": ["pide una persona, espera aquí.", "pede uma pessoa, espera aqui."],
  "Transfer the chat": ["Transferir el chat", "Transferir o chat"],
  "To which agent?": ["¿A qué agente?", "A qual atendente?"],
  "Cancel": ["Cancelar", "Cancelar"],
  "Transfer": ["Transferir", "Transferir"],
  "arriving": ["llegando", "chegando"],
  "waiting": ["espera", "espera"],
  "with %s": ["con %s", "com %s"],
  "an agent": ["un agente", "um atendente"],
  "ended: %s": ["terminó: %s", "encerrado: %s"],
  "%s is typing …": ["%s está escribiendo …", "%s está escrevendo …"],
  "is typing …": ["está escribiendo …", "está escrevendo …"],
  "What Salesforce keeps of a chat is shown here.": ["Aquí se muestra lo que Salesforce guarda de un chat.", "Aqui aparece o que a Salesforce guarda de um chat."],
  "%s unread": ["%s sin leer", "%s não lidas"],
  "no. %s,": ["n.º %s,", "nº %s,"],
  "back in the queue,": ["de vuelta en la fila,", "de volta à fila,"],
  "waits": ["espera", "espera"],
  "You:": ["Tú:", "Você:"],
  "nothing said yet": ["aún no se dijo nada", "nada foi dito ainda"],
  "The visitor asked for a chat": ["El visitante pidió un chat", "O visitante pediu um chat"],
  "An agent took the chat": ["Un agente tomó el chat", "Um atendente assumiu o chat"],
  "The chat went to another agent": ["El chat pasó a otro agente", "O chat passou a outro atendente"],
  "The chat went back to the queue": ["El chat volvió a la fila", "O chat voltou à fila"],
  "The agent's connection was lost": ["Se perdió la conexión del agente", "A conexão do atendente caiu"],
  "Salesforce moved the chat to another server": ["Salesforce movió el chat a otro servidor", "A Salesforce moveu o chat a outro servidor"],
  "The bridge reconnected": ["El puente se reconectó", "A ponte reconectou"],
  "The bridge is back in step": ["El puente volvió a estar al día", "A ponte está em dia de novo"],
  "The chat has ended: %s": ["El chat terminó: %s", "O chat terminou: %s"],
  "%s · before the chat": ["%s · antes del chat", "%s · antes do chat"],
  "Files": ["Archivos", "Arquivos"],
};
const PLACES = { es: 0, pt: 1 };
const SHOWN = ["placeholder", "aria-label", "title", "alt"];

const tongue = (navigator.languages ?? []).map((one) => one.slice(0, 2)).find((one) => one === "en" || one in PLACES) ?? "en";

const plain = (text) => text.replace(/\s+/g, " ").trim();

/** `words` for the reader; each %s in them is one of `parts`, in order. */
export function say(words, ...parts) {
  let at = 0;
  return (WORDS[words]?.[PLACES[tongue]] ?? words).replace(/%s/g, () => parts[at++]);
}

/** What the simulator says between the bubbles: `words`, or `words: something`. */
export function sayNote(text) {
  const colon = text.indexOf(": ");
  return text in WORDS || colon < 0 ? say(text) : say(text.slice(0, colon)) + text.slice(colon);
}

/** Everything that stands in the page already. */
export function translate(root) {
  document.documentElement.lang = tongue;
  if (tongue === "en") return;
  document.title = document.title.split(" · ").map((part) => say(part)).join(" · ");
  const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode;
    const words = plain(node.data);
    if (words in WORDS) node.data = `${/^\s/.test(node.data) ? " " : ""}${say(words)}${/\s$/.test(node.data) ? " " : ""}`;
  }
  for (const node of root.querySelectorAll(SHOWN.map((name) => `[${name}]`).join()))
    for (const name of SHOWN) if (node.hasAttribute(name)) node.setAttribute(name, say(node.getAttribute(name)));
}
