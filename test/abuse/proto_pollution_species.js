// expect: 38000
export default async function handle() {
  Object.defineProperty(Array, Symbol.species, { value: Object });
}
