/** How things are called on the screen. */

import type { Event, Place, Site } from "../generated/graph";

/** `shop.orders.tasks.send_mail` reads as a quiet `shop.orders.tasks.` before a loud `send_mail`. */
export function splitName(name: string): { prefix: string; tail: string } {
  if (name.length <= 24) return { prefix: "", tail: name };
  const cut = Math.max(name.lastIndexOf("."), name.lastIndexOf("/"), name.lastIndexOf(":"));
  return cut <= 0 || cut === name.length - 1 ? { prefix: "", tail: name } : { prefix: name.slice(0, cut + 1), tail: name.slice(cut + 1) };
}

/** Sites of a linked repository keep its name, so that two services called `api` stay two. */
export function serviceOf(site: Site): string {
  return site.origin ? `${site.origin}:${site.service ?? ""}` : (site.service ?? "");
}

export function serviceName(key: string): string {
  return key === "" ? "no service" : key.endsWith(":") ? key.slice(0, -1) : key;
}

export function placeText(place: Place): string {
  return `${place.path}:${place.line}`;
}

/** The last two parts of a path tell files apart in little room. */
export function shortPlace(place: Place): string {
  return `${place.path.split("/").slice(-2).join("/")}:${place.line}`;
}

export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/** The event that a person means by `text`: its id, name, alias, or an ending that only one event has. */
export function findEvent(events: readonly Event[], text: string): Event | undefined {
  const dotted = (name: string) => name === text || [".", "/", ":"].some((mark) => name.endsWith(mark + text));
  const tests: ((event: Event) => boolean)[] = [
    (event) => event.id === text,
    (event) => event.name === text,
    (event) => event.aliases?.includes(text) ?? false,
    (event) => dotted(event.name) || (event.aliases?.some(dotted) ?? false),
  ];
  for (const test of tests) {
    const found = events.filter(test);
    if (found.length === 1) return found[0];
  }
  return undefined;
}
