// expect: 53200
const a = [];
for (;;) a.push({});
export default () => 1;
