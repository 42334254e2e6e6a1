// expect: 53200
export default async function handle() {
  let p = null; for (;;) p = { p };
}
