import { local, ProblemError, problemOf } from "../../api/problem.ts";
import { texts } from "./texts.ts";

/** Why a link does nothing: what is too short or too long for a token was cut while it was copied. */
export const linkProblem = (error: Error): Error =>
  problemOf(error).code === "validation-failed"
    ? new ProblemError(local("link-not-valid", 400, texts.noLink, texts.cut))
    : error;
