// The schemas that docs/providers/crud.md describes, in the vendor's validation library.
import { z } from "zod";

const text = z.string().nullish();
const block = z.record(z.unknown()).nullish();

const columns = {
  project_id: z.string().uuid(),
  name: z.string().trim().min(1),
  user_role: text,
  tagline: text,
  avatar_description: text,
  demographics: block,
  psychographics: block,
  behavioral_patterns: block,
  goals_and_needs: block,
  pain_points: block,
  narrative: block,
  product_specific: block,
  communication_preferences: block,
  persona_data: block,
};

export const create = z.object(columns);
export const update = z.object({
  id: z.string().uuid(),
  ...columns,
  project_id: columns.project_id.optional(),
  name: columns.name.optional(),
});
export const reference = z.object({ id: z.string().uuid() });
export const list = z.object({
  project_id: z.string().uuid().optional(),
  projectId: z.string().uuid().optional(),
  limit: z.coerce.number().int().min(1).transform((limit) => Math.min(limit, 1000)).default(100),
  offset: z.coerce.number().int().min(0).default(0),
  search: z.string().optional(),
});

/** The columns an answer shows, in the order of the vendor's page. */
export const shown = [
  "id", "project_id", "name", "user_role", "tagline", "avatar_description", "demographics",
  "psychographics", "behavioral_patterns", "goals_and_needs", "pain_points", "narrative",
];
