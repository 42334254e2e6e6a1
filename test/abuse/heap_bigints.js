// expect: 53200
export default async function handle() {
  const a = []; for (let i = 0n;; i++) a.push((1n << 1000000n) + i);
}
