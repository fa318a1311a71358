import * as AlertDialog from "@radix-ui/react-alert-dialog";
import { Button } from "./button.tsx";

/** The way out of a dialog that leaves everything as it is. */
export function DialogCancel() {
  return (
    <AlertDialog.Cancel asChild>
      <Button look="quiet">Cancel</Button>
    </AlertDialog.Cancel>
  );
}
