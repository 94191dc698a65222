/** Typing as the agent's keyboard tells it: begun at the first key, over after a pause, a sending or an empty field. */

const PAUSE = 3000; // ms without a key

export function typing(tell) {
  let on = false;
  let timer = 0;
  const say = (value) => {
    if (on === value) return;
    on = value;
    tell(value).catch(() => undefined); // the chat may just have ended
  };
  const rest = () => {
    clearTimeout(timer);
    say(false);
  };
  const move = (text) => {
    if (!text) {
      rest();
      return;
    }
    say(true);
    clearTimeout(timer);
    timer = setTimeout(rest, PAUSE);
  };
  return { move, rest };
}
