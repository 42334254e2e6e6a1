// expect: 38000|53200
export default async function handle() {
  let s = ''; for (;;) s += String.fromCharCode(0x400 + s.length % 1000).repeat(1e4);
}
