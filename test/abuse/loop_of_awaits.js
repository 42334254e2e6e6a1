// expect: 57014
export default async function handle() {
  for (;;) await null;
}
