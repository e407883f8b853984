// Puts the unit's questions into its lesson's page; `mount` is the quiz's own. The answers stay in this browser.
// All lessons share one progress with the quiz's own page, under the same name; what is shown is kept for each lesson.
{
  const SITE = "mha-quiz";
  const place = document.querySelector(".quiz-here");
  const view = `${SITE}:${place.dataset.unit}`;
  const { cards } = globalThis.mhaQuiz;
  const own = new Set(cards.map(({ id }) => id));
  const asked = () => cards.find((card) => `#${card.id}` === location.hash.split("&")[0])?.id;
  // A browser may refuse storage, in private windows for example: the quiz then works without memory.
  const kept = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name)) ?? {};
    } catch {
      return {};
    }
  };
  const keep = (name, value) => {
    try {
      localStorage.setItem(name, JSON.stringify(value));
    } catch {
      // nothing can be kept
    }
  };
  const both = (one, other) => (one || other ? { ...one, ...other } : undefined);
  // An earlier edition kept each lesson's answers beside what it showed: they are taken along.
  const load = () => {
    const [site, here] = [kept(SITE), kept(view)];
    const state = { ...here, unit: place.dataset.unit, done: both(here.done, site.done), memory: both(here.memory, site.memory) };
    return asked() ? { ...state, at: asked() } : state;
  };
  const save = ({ done, memory, ...shown }) => {
    const site = kept(SITE);
    const elsewhere = Object.fromEntries(Object.entries(site.done ?? {}).filter(([id]) => !own.has(id)));
    keep(SITE, { ...site, done: { ...elsewhere, ...done }, memory: { ...site.memory, ...memory } });
    keep(view, shown);
  };
  const show = () => mount(place, globalThis.mhaQuiz, { load, save });
  show();
  addEventListener("hashchange", () => asked() && show());
}
