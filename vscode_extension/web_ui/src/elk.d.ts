declare module "virtual:elk" {
  /** The whole of ELK; called with a CommonJS module it leaves its constructor in `module.exports.Worker`. */
  export function elk(module: { exports: object }, exports: object): void;
}
