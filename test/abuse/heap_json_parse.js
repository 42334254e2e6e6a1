// expect: 53200
export default async function handle() {
  let s = '['; s += '1,'.repeat(5e6) + '1]'; const a = []; for (;;) a.push(JSON.parse(s));
}
