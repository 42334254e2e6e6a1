// expect: 53200
export default async function handle() {
  const m = new Set(); for (let i = 0;; i++) m.add('k' + i);
}
