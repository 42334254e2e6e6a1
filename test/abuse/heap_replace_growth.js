// expect: 53200
export default async function handle() {
  let s = 'ab'; for (;;) s = s.replace(/a/g, 'aaaa').toUpperCase().toLowerCase();
}
