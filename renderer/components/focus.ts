/** True while something in the page, its tabs or a dialog has the focus: then nothing may take it away. */
export function focusInPage(): boolean {
  const inPage = '[data-region="main"], [data-region="tabs"], [role="dialog"], [role="alertdialog"]';
  return document.activeElement?.closest(inPage) != null;
}
