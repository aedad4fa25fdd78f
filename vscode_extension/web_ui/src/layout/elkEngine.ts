/** ELK behind one promise: in a worker of the page's own text, or on the page's thread. */

import type { ElkNode } from "elkjs/lib/elk-api";
import { elk } from "virtual:elk";

interface Answer {
  id: number;
  data?: ElkNode;
  error?: unknown;
}

interface Endpoint {
  postMessage(message: unknown): void;
  onmessage: ((event: { data: Answer | "alive" }) => void) | null;
}

export interface Engine {
  layout(graph: ElkNode): Promise<ElkNode>;
  close(): void;
}

/** A blocked worker stays silent rather than failing, so it must say that it lives within this time (milliseconds). */
const ALIVE = 1500;

/** Fails when the page's policy or the browser allows no worker. */
export function workerEngine(): Promise<Engine> {
  return new Promise((resolve, reject) => {
    // The greeting goes out before ELK is read, which takes a while on a slow machine.
    const source = `postMessage("alive");(${elk.toString()})();`;
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(url);
    const fail = () => {
      worker.terminate();
      reject(new Error("no worker"));
    };
    const timer = setTimeout(fail, ALIVE);
    worker.onerror = (event) => {
      event.preventDefault();
      fail();
    };
    worker.onmessage = () => {
      clearTimeout(timer);
      URL.revokeObjectURL(url);
      resolve(speak(worker as Endpoint, () => worker.terminate()));
    };
  });
}

export function pageEngine(): Engine {
  const module: { exports: { Worker?: new () => Endpoint } } = { exports: {} };
  elk(module, module.exports);
  if (!module.exports.Worker) throw new Error("ELK did not start");
  return speak(new module.exports.Worker(), () => undefined);
}

function speak(endpoint: Endpoint, close: () => void): Engine {
  const waiting = new Map<number, { resolve: (graph: ElkNode) => void; reject: (error: Error) => void }>();
  let last = 0;
  endpoint.onmessage = ({ data }) => {
    if (data === "alive") return;
    const call = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.data) call?.resolve(data.data);
    else call?.reject(new Error("ELK refused the graph"));
  };
  // The registration is answered too, under an id that nobody waits for.
  endpoint.postMessage({ id: 0, cmd: "register", algorithms: ["layered"] });
  return {
    layout: (graph) =>
      new Promise((resolve, reject) => {
        waiting.set(++last, { resolve, reject });
        endpoint.postMessage({ id: last, cmd: "layout", graph, layoutOptions: {}, options: {} });
      }),
    close,
  };
}
