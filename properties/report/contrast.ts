/// <reference lib="dom" />
/**
 * Runs inside of the page: every text whose contrast with what lies behind it is too low. It must stand on its own,
 * because the browser gets its source.
 */
export function lowContrasts(least: number): readonly string[] {
  type Colour = readonly [red: number, green: number, blue: number, alpha: number];
  const parse = (text: string): Colour => {
    const numbers = [...text.matchAll(/[\d.]+(?:e-?\d+)?/g)].map(Number);
    const [r = 0, g = 0, b = 0, a = 1] = numbers;
    return text.startsWith('color(srgb') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a];
  };
  const over = ([r, g, b, a]: Colour, [x, y, z]: Colour): Colour => [
    r * a + x * (1 - a),
    g * a + y * (1 - a),
    b * a + z * (1 - a),
    1,
  ];
  const luminance = ([r, g, b]: Colour): number => {
    const linear = (value: number): number => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };
  const behind = (element: Element): Colour => {
    const layers: Colour[] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0) layers.push(colour);
      if (colour[3] === 1) break;
    }
    return layers.reduceRight<Colour>((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const found: string[] = [];
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter((node) => node.nodeType === 3 && node.textContent?.trim() !== '');
    if (text.length === 0 || element.closest('script,style') !== null || element.getClientRects().length === 0)
      continue;
    const background = behind(element);
    const [a, b] = [luminance(over(parse(getComputedStyle(element).color), background)), luminance(background)];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < least)
      found.push(`${ratio.toFixed(2)} <${element.tagName} class=${element.className}> ${text[0]?.textContent}`);
  }
  return found;
}
