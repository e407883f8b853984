// Gives tests one function: play(xml, response) loads an item into a fresh QTI 3 player, restores the response as a saved
// state would, ends the attempt, and resolves to the outcome variables and the sentences shown.
Vue.config.errorHandler = (error) => window.fail?.(error);

window.play = (xml, response) =>
  new Promise((resolve, reject) => {
    window.fail = reject;
    document.body.innerHTML = '<div id="app"></div>';
    const session = { max_attempts: 0, show_feedback: true, validate_responses: false };
    const configuration = { guid: "item", status: "interacting", sessionControl: session };
    if (response) {
      const none = { contextVariables: [], outcomeVariables: [], templateVariables: [], validationMessages: [] };
      configuration.state = { identifier: "item", guid: "item", ...none, responseVariables: [{ identifier: "RESPONSE", ...response }] };
    }
    const late = setTimeout(() => reject(new Error("the item did not become ready")), 30000);
    const end = ({ state: { outcomeVariables, responseVariables } }) => {
      clearTimeout(late);
      const shown = [...document.querySelectorAll(".qti-modal-feedback")].filter((modal) => modal.innerText.trim());
      resolve({
        outcomes: Object.fromEntries(outcomeVariables.map(({ identifier, value }) => [identifier, value])),
        response: responseVariables.find(({ identifier }) => identifier === "RESPONSE").value,
        shown: shown.map((modal) => modal.innerText),
      });
      app.$destroy();
    };
    const on = {
      notifyQti3ItemReady: () => app.$children[0].endAttempt("done"),
      notifyQti3EndAttemptCompleted: end,
    };
    const props = { suppressAlertMessages: true, suppressInvalidResponseMessages: true };
    const app = new Vue({ el: "#app", render: (h) => h(window.qti3Player.default ?? window.qti3Player, { props, on }) });
    app.$children[0].loadItemFromXml(xml, configuration);
  });
