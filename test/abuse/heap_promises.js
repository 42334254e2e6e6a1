// expect: 53200
export default async function handle() {
  const a = []; for (;;) a.push(Promise.resolve().then(() => 1));
}
