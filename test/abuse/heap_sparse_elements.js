// expect: 53200
export default async function handle() {
  const g = {}; for (let i = 0;; i++) g[i * 1000] = new Array(100).fill(i);
}
