// expect: 38000
export default async function handle() {
  const merge = (t, s) => { for (const k in s) { if (typeof s[k] === 'object') merge(t[k] ??= {}, s[k]); else t[k] = s[k]; } };
  merge({}, JSON.parse('{"__proto__": {"polluted": 1}}'));
}
