/**
 * Places the boxes: by ELK in a worker; without workers by ELK on the page's thread, where nothing could stop it, so for
 * small pictures only; and in plain columns where ELK takes too long or the picture is too large for it.
 */

import { placeInColumns } from "./columns";
import { fromElk, toElk } from "./elkGraph";
import { pageEngine, workerEngine, type Engine } from "./elkEngine";
import { apart, below } from "./lone";
import type { Placed, Task } from "./types";

/** Time for one layout in the worker, in milliseconds; then the worker is ended. */
const TIME = 5000;
/** Random graphs of more edges have been seen to keep ELK busy for minutes. */
const LINES = 500;
const ON_PAGE = { boxes: 70, lines: 140 };

type Place = "worker" | "page";

export class Layouter {
  private engine: Promise<{ engine: Engine; place: Place }> | null = null;
  private readonly makeWorker: () => Promise<Engine>;
  private readonly time: number;

  constructor(makeWorker: () => Promise<Engine> = workerEngine, time = TIME) {
    this.makeWorker = makeWorker;
    this.time = time;
  }

  /** Started early, the worker is there when the first picture is. */
  start(): Promise<{ engine: Engine; place: Place }> {
    this.engine ??= this.makeWorker().then(
      (engine) => ({ engine, place: "worker" as const }),
      () => ({ engine: pageEngine(), place: "page" as const }),
    );
    return this.engine;
  }

  async place(task: Task): Promise<Placed> {
    const { joined, lone } = apart(task);
    return below(await this.placeJoined(joined), joined.boxes, lone);
  }

  private async placeJoined(task: Task): Promise<Placed> {
    if (task.boxes.length === 0 || task.lines.length > LINES) return placeInColumns(task);
    try {
      const { engine, place } = await this.start();
      if (place === "page" && (task.boxes.length > ON_PAGE.boxes || task.lines.length > ON_PAGE.lines)) return placeInColumns(task);
      const result = await inTime(engine.layout(toElk(task)), this.time);
      if (result) return fromElk(result, place);
      engine.close();
      this.engine = null;
    } catch {
      // ELK refused the graph: columns never do.
    }
    return placeInColumns(task);
  }
}

function inTime<T>(promise: Promise<T>, time: number): Promise<T | null> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), time)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
