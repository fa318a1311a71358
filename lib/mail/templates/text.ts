/** The part of html-to-text that is used here; it brings no types of its own. */
type Builder = {
  openBlock(options: { leadingLineBreaks: number }): void;
  closeBlock(options: { trailingLineBreaks: number }): void;
  addInline(text: string, options?: { noWordTransform: boolean }): void;
};
type Element = { children: unknown[]; attribs: Record<string, string> };
type Walk = (children: unknown[], builder: Builder) => void;

/** A button reads as its label and the address whole on the next line, so that no mail program cuts it. */
function action(element: Element, walk: Walk, builder: Builder): void {
  builder.openBlock({ leadingLineBreaks: 2 });
  walk(element.children, builder);
  builder.addInline(":");
  builder.closeBlock({ trailingLineBreaks: 1 });
  builder.openBlock({ leadingLineBreaks: 1 });
  builder.addInline(String(element.attribs.href), { noWordTransform: true });
  builder.closeBlock({ trailingLineBreaks: 2 });
}

/** How the text of a mail is made from its HTML. Lines are not wrapped: mail programs do that. */
export const textFormat = {
  formatters: { action },
  selectors: [
    { selector: "h1", options: { uppercase: false } },
    { selector: "a.action", format: "action" },
  ],
};
