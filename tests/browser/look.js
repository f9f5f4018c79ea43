// What is wrong with how the page looks, as a list of sentences.
(() => {
  const problems = [];
  const say = (text) => { if (problems.length < 20) problems.push(text); };
  const width = window.innerWidth;
  if (document.documentElement.scrollWidth > width) say(`the page is ${document.documentElement.scrollWidth} px wide on a screen of ${width}`);
  for (const area of width < 390 ? [] : document.querySelectorAll('.scroll')) {
    if (area.scrollWidth > area.clientWidth + 1) say(`${area.scrollWidth - area.clientWidth} px of the table cannot be seen without scrolling`);
  }
  const loaded = performance.getEntriesByType('resource');
  if (loaded.length > 0) say(`it loads ${loaded.map((r) => r.name).join(', ')}`);

  // Every line of text that is visible, with its place.
  const lines = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (!node.data.trim() || parent.closest('title, desc, style, .skip') || !parent.checkVisibility({ contentVisibilityAuto: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const r of range.getClientRects()) {
      if (r.width < 1 || r.height < 1) continue;
      lines.push({ r, text: node.data.trim().slice(0, 40), scrolls: !!parent.closest('.scroll') });
      if (r.height < 9.5) say(`"${node.data.trim().slice(0, 40)}" is ${Math.round(r.height)} px high: too small to read`);
    }
  }
  lines.sort((a, b) => a.r.top - b.r.top);
  lines.forEach((a, i) => {
    if (!a.scrolls && (a.r.right > width + 1 || a.r.left < -1)) say(`"${a.text}" goes from ${Math.round(a.r.left)} to ${Math.round(a.r.right)} on a screen of ${width}`);
    for (let j = i + 1; j < lines.length && lines[j].r.top < a.r.bottom; j++) {
      const b = lines[j];
      const across = Math.min(a.r.right, b.r.right) - Math.max(a.r.left, b.r.left);
      const down = Math.min(a.r.bottom, b.r.bottom) - Math.max(a.r.top, b.r.top);
      if (across > 3 && down > 5) say(`"${a.text}" and "${b.text}" lie over each other by ${Math.round(across)} by ${Math.round(down)} px`);
    }
  });

  // Texts of a picture stay in their boxes, and boxes apart.
  const shown = [...document.querySelectorAll('svg.diagram')].filter((svg) => svg.checkVisibility());
  if (shown.length > 1) say('both forms of the picture are shown');
  for (const svg of shown) {
    let box = null;
    const boxes = [];
    for (const e of svg.querySelectorAll('rect.box, text.title, text.line')) {
      const r = e.getBoundingClientRect();
      if (e.tagName === 'rect') {
        for (const other of boxes) if (r.left < other.right && other.left < r.right && r.top < other.bottom && other.top < r.bottom) say('two boxes lie over each other');
        boxes.push(r);
        box = r;
      } else if (r.left < box.left || r.right > box.right || r.top < box.top - 1 || r.bottom > box.bottom + 1) {
        say(`"${e.textContent}" leaves its box by ${Math.round(r.right - box.right)} px`);
      }
    }
  }
  return problems;
})()
