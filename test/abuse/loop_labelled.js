// expect: 57014
export default async function handle() {
  label: for (;;) { continue label; }
}
