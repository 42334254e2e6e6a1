// expect: 53200
export default async function handle() {
  let s = 'x'; for (;;) { s += s; s.charCodeAt(s.length - 1) + /y/.test(s); keep(s); }function keep() {}
}
