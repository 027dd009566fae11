// Runs of the server that are started, followed and kept by their number: comparisons and plans.

import { Problem, get, post } from "../client.js";

const PAUSE = 700;

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

/** Starts a run of such a resource, and waits until that has finished; its number. Throws Problem. */
export async function runToItsEnd(resource, question, tellProgress) {
  const { id } = await post(resource, question);
  for (;;) {
    await pause();
    const { running, failed } = await get(`${resource}/${id}`);
    if (failed) throw new Problem(failed.status, failed.title, failed.detail);
    if (!running) return id;
    tellProgress(running);
  }
}

/** Looks again after a while, unless whoever looked has gone elsewhere. */
export async function lookAgain(look, signal) {
  await pause();
  if (!signal.aborted) await look();
}
