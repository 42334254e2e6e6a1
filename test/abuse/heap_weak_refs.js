// expect: 53200
export default async function handle() {
  const w = []; for (;;) w.push(new WeakRef({}), new Map([[1, {}]]));
}
