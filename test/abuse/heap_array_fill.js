// expect: 53200
export default async function handle() {
  const f = (n) => new Array(1e6).fill(n); const a = []; for (let i = 0;; i++) a.push(f(i));
}
