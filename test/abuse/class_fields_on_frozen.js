// expect: 38000
export default async function handle() {
  class A { constructor(o) { return o; } }
  class B extends A { x = 1; }
  new B(Object.prototype);
}
