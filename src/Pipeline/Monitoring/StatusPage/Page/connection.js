// Listens to the program's events, says when none come any more, and keeps trying.

const patience = 6000;
const pauses = [1000, 2000, 5000];

export function listen(address, { received, lost }) {
  let source = null;
  let watch = 0;
  let attempts = 0;

  const open = () => {
    stop();
    source = new EventSource(address);
    source.onmessage = message => {
      attempts = 0;
      expect(patience);
      received(JSON.parse(message.data));
    };
    // The browser's own way of trying again gives up when it is answered with an error, so it is not used.
    source.onerror = again;
    expect(patience);
  };

  const stop = () => {
    clearTimeout(watch);
    source?.close();
    source = null;
  };

  const again = () => {
    stop();
    lost();
    watch = setTimeout(open, pauses[Math.min(attempts++, pauses.length - 1)]);
  };

  // A connection may be dead without anybody saying so.
  const expect = time => {
    clearTimeout(watch);
    watch = setTimeout(again, time);
  };

  // A browser has few connections for a server: tabs that nobody sees give theirs back.
  document.addEventListener('visibilitychange', () => document.hidden ? stop() : open());
  if (!document.hidden) open();
}
