/* Keeps the board as it is now: by its socket, by asking while that is down, and saying so when neither tells anything.
   Figures are written as interconnections/admin/board_words.py writes them. */
"use strict";

(() => {
  const board = document.querySelector(".board");
  if (!board) return;
  const STALE = 15000, ASKS = 5000, LONGEST = 10000; // ms
  const says = document.getElementById("board-says"), asOf = document.getElementById("board-as-of");
  const slice = new URLSearchParams(location.search);
  for (const name of [...slice.keys()]) if (!["bot", "provider", "org"].includes(name)) slice.delete(name);
  let told = null, heardAt = 0, tries = 0, socket = null, refused = false;

  // Writing

  const two = (number) => String(number).padStart(2, "0");

  function clock(seconds) {
    const whole = Math.round(seconds), hours = Math.floor(whole / 3600), minutes = Math.floor((whole % 3600) / 60);
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }

  function moment(iso, more) {
    if (!iso) return "–";
    const options = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23", timeZone: board.dataset.zone };
    return new Intl.DateTimeFormat(document.documentElement.lang || "en", { ...options, ...more }).format(new Date(iso));
  }

  const SHAPES = {
    number: (value) => String(value),
    duration: clock,
    share: (value) => `${Math.round(100 * value)} %`,
    ms: (value) => `${Math.round(value)} ms`,
    time: (value) => moment(value, { day: "numeric", month: "short" }),
    upto: (value) => `≤ ${clock(value)}`,
    hour: (value) => moment(value, { second: undefined }),
  };
  const written = (value, shape) => (value === null || value === undefined ? "–" : SHAPES[shape](value));
  const at = (path) => path.split(".").reduce((found, name) => (found ? found[name] : undefined), told);

  function rowsOf(path) {
    const found = at(path) || [];
    return Array.isArray(found) ? found : Object.entries(found).map(([name, number]) => ({ name, number }));
  }

  function cellOf(table, row, column) {
    const [name, shape] = column.split(":");
    if (name === "upTo" && row[name] === null) return table.dataset.longer;
    if (name === "lane") return table.dataset[`lane${row[name][0].toUpperCase()}${row[name].slice(1)}`] || row[name];
    return shape ? written(row[name], shape) : String(row[name]);
  }

  function fill(table) {
    const columns = table.dataset.columns.split(" "), rows = rowsOf(table.dataset.rows);
    table.replaceChildren(
      ...rows.map((row) => {
        const line = document.createElement("tr");
        columns.forEach((column, place) => {
          const cell = document.createElement(place ? "td" : "th");
          if (!place) cell.scope = "row";
          cell.textContent = cellOf(table, row, column);
          line.append(cell);
        });
        return line;
      }),
    );
    const list = table.closest("[data-list]");
    if (list) list.hidden = !rows.length;
    return rows.length;
  }

  function draw(place) {
    const section = place.closest("section"), table = section.querySelector("tbody"), rows = fill(table);
    section.querySelector(".board-none").hidden = rows > 0;
    section.querySelector("details").hidden = !rows;
    if (!rows) return place.replaceChildren();
    if (place.dataset.kind === "lines") return drawDay(place);
    const cells = [...table.rows].map((line) => [line.cells[0].textContent, Number(line.cells[1].textContent)]);
    return place.replaceChildren(boardCharts.bars(cells));
  }

  function drawDay(place) {
    const day = rowsOf(place.dataset.draws), since = Date.parse(told.today.since), whole = Date.parse(told.today.until) - since;
    const points = day.map((row) => [(Date.parse(row.at) - since) / whole, [row.waiting, row.active]]);
    const ticks = [0, 4, 8, 12, 16, 20].map((hour) => [(hour * 3600000) / whole, `${two(hour)}:00`]);
    place.replaceChildren(boardCharts.lines(points, [place.dataset.first, place.dataset.second], ticks));
  }

  function show() {
    for (const place of document.querySelectorAll("[data-figure]")) {
      const value = at(place.dataset.figure);
      place.textContent = written(value, place.dataset.shape);
      const cell = place.closest(".board-cell");
      if (cell && place.dataset.alarm) cell.classList.toggle("alarmed", (value || 0) >= Number(place.dataset.alarm));
    }
    const longest = document.getElementById("longest");
    if (longest && told.longestWaitSession) {
      longest.href = board.dataset.conversation.replace("SESSION", encodeURIComponent(told.longestWaitSession));
    } else if (longest) longest.removeAttribute("href");
    asOf.dateTime = told.asOf;
    asOf.textContent = moment(told.asOf);
    document.querySelectorAll("[data-list] [data-rows]").forEach(fill);
    document.querySelectorAll("[data-draws]").forEach(draw);
    const away = document.querySelector(".board-away");
    if (away) away.remove();
  }

  // What grows by itself while nothing new is told.
  function tick() {
    const since = heardAt ? Date.now() - heardAt : 0;
    if (told && !["stale", "away", "refused"].includes(board.dataset.state)) {
      for (const path of ["longestWaitSeconds", "oldestUndeliveredSeconds"]) {
        const runs = path === "longestWaitSeconds" ? told.waiting : told.undelivered;
        const place = document.querySelector(`[data-figure=${path}]`);
        if (runs && place) place.textContent = clock(told[path] + since / 1000);
      }
    }
    if (!refused && board.dataset.state !== "away" && since > STALE) state("stale");
  }

  function state(word) {
    if (board.dataset.state === word && says.dataset.said) return;
    board.dataset.state = word;
    says.dataset.said = "yes";
    says.textContent = says.dataset[word];
  }

  // Hearing

  function heard(figures, how) {
    told = figures;
    heardAt = Date.now();
    if (told.error) return state("away");
    show();
    return state(how);
  }

  const query = () => (slice.size ? `?${slice}` : "");

  function connect() {
    if (refused) return;
    const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${board.dataset.socket}${query()}`;
    socket = new WebSocket(address);
    socket.onmessage = (message) => {
      tries = 0;
      const frame = JSON.parse(message.data);
      if (frame.error) state("away");
      else heard(frame, "live");
    };
    socket.onclose = (closed) => {
      socket = null;
      if (closed.code === 4403) {
        refused = true;
        return state("refused");
      }
      tries += 1;
      const pause = Math.min(LONGEST, 1000 * 2 ** Math.min(tries - 1, 5)) * (0.5 + Math.random() / 2);
      return setTimeout(connect, pause);
    };
  }

  async function ask() {
    if (refused || document.hidden || (socket && socket.readyState === WebSocket.OPEN)) return;
    try {
      const answer = await fetch(board.dataset.figures + query(), { headers: { Accept: "application/json" } });
      if (answer.status === 403 || answer.redirected) {
        refused = true;
        state("refused");
      } else if (answer.ok) heard(await answer.json(), "polling");
      else if (answer.status === 503) state("away");
    } catch {
      // the network is away: what is shown grows stale
    }
  }

  const there = document.getElementById("board-figures");
  if (there) {
    told = JSON.parse(there.textContent);
    heardAt = Date.now();
    show();
  }
  for (const select of document.querySelectorAll(".board-slices select")) select.onchange = () => select.form.submit();
  connect();
  setInterval(tick, 1000);
  setInterval(ask, ASKS);
})();
