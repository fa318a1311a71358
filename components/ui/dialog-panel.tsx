import * as AlertDialog from "@radix-ui/react-alert-dialog";
import type { ComponentProps, ReactNode } from "react";

type Props = Pick<ComponentProps<typeof AlertDialog.Content>, "onCloseAutoFocus"> & {
  title: string;
  text: string;
  children: ReactNode;
};

/**
 * What every dialog looks like: the page behind it in the shade, its question, what will happen, and its own content.
 * The shade is our own element, because Radix's sets a style that our policy forbids.
 */
export function DialogPanel({ title, text, children, ...content }: Props) {
  return (
    <AlertDialog.Portal>
      <div aria-hidden="true" className="fixed inset-0 bg-shade" />
      <AlertDialog.Content
        {...content}
        onOpenAutoFocus={focusField}
        className="fixed inset-x-5 top-1/2 mx-auto max-h-[85dvh] max-w-md -translate-y-1/2 space-y-4 overflow-y-auto rounded-xl border border-line bg-surface p-6 shadow-xl"
      >
        <AlertDialog.Title className="text-lead font-semibold wrap-anywhere">{title}</AlertDialog.Title>
        <AlertDialog.Description className="text-quiet">{text}</AlertDialog.Description>
        {children}
      </AlertDialog.Content>
    </AlertDialog.Portal>
  );
}

/** A dialog that asks for something begins there; any other begins at Cancel, as Radix has it. */
function focusField(event: Event): void {
  const field = (event.target as HTMLElement).querySelector("input");
  if (!field) return;
  event.preventDefault();
  field.focus();
}
