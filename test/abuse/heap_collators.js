// expect: 53200
export default async function handle() {
  const a = [];
  for (;;) a.push(new Intl.Collator('de'), new Intl.NumberFormat('de'), new Intl.Segmenter('ja'));
}
