// expect: 53200
export default async function handle() {
  const a = []; const grow = async () => { for (;;) { await null; a.push(new Array(50).fill(0)); } }; await grow();
}
