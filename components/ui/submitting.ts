import type { FormEvent, SyntheticEvent } from "react";
import type { FieldValues, Path, PathValue, SubmitHandler, UseFormReturn } from "react-hook-form";

/**
 * What a form does when it is sent. What its fields hold then is what counts: a password manager that fills them in
 * without an event has told the form's state nothing.
 */
export function submitting<Values extends FieldValues>(
  form: UseFormReturn<Values>,
  send: SubmitHandler<Values>,
) {
  const submit = form.handleSubmit(send);
  return (event?: SyntheticEvent<HTMLFormElement>) => {
    if (event) readFields(form, event.currentTarget);
    return submit(event);
  };
}

/** In a dialog React lets the event rise to the form that opened it, which must not be sent with this one. */
export function alone(submit: (event: FormEvent<HTMLFormElement>) => Promise<unknown>) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.stopPropagation();
    void submit(event);
  };
}

/** Takes over the text of every field that the form knows. */
function readFields<Values extends FieldValues>(form: UseFormReturn<Values>, element: HTMLFormElement) {
  const known = form.getValues();
  for (const field of element.elements) {
    if (!(field instanceof HTMLInputElement) || field.type === "checkbox" || !(field.name in known)) continue;
    form.setValue(field.name as Path<Values>, field.value as PathValue<Values, Path<Values>>);
  }
}
