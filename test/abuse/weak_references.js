// expect: object
export default async function handle() {
  const w = new WeakRef({});
  new FinalizationRegistry(() => { for (;;); }).register({}, 1);
  return typeof w.deref();
}
