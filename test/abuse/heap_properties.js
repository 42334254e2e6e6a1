// expect: 53200
export default async function handle() {
  const o = {}; for (let i = 0;; i++) o['k' + i] = i;
}
