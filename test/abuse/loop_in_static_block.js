// expect: 57014
export default async function handle() {
  class A { static x = (() => { for (;;); })(); }
}
