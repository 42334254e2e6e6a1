// expect: 53200
export default async function handle() {
  const m = new Map(); for (let i = 0;; i++) m.set(i, i);
}
