// expect: true|38000
export default async function handle() {
  class A { constructor(o) { return o; } }
  class B extends A { #x = 1; static has(o) { return #x in o; } }
  new B(Object.prototype);
  return B.has(Object.prototype);
}
