// Puts the unit's questions into its lesson's page; `mount` is the quiz's own. The answers stay in this browser.
{
  const place = document.querySelector(".quiz-here");
  const key = `mha-quiz:${place.dataset.unit}`;
  const asked = () => globalThis.mhaQuiz.cards.find((card) => `#${card.id}` === location.hash.split("&")[0])?.id;
  const load = () => {
    let kept = {};
    try {
      kept = JSON.parse(localStorage.getItem(key)) ?? {};
    } catch {
      // A browser may refuse storage, in private windows for example: the quiz then works without memory.
    }
    return asked() ? { ...kept, at: asked() } : kept;
  };
  const save = (state) => {
    try {
      localStorage.setItem(key, JSON.stringify(state));
    } catch {
      // nothing can be kept
    }
  };
  const show = () => mount(place, globalThis.mhaQuiz, { load, save });
  show();
  addEventListener("hashchange", () => asked() && show());
}
