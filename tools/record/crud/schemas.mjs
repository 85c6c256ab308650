// The schemas that docs/providers/crud.md describes, in the vendor's validation library: whichever version is asked for.

/** The columns an answer shows, in the order of the vendor's page. */
export const shown = [
  "id", "project_id", "name", "user_role", "tagline", "avatar_description", "demographics",
  "psychographics", "behavioral_patterns", "goals_and_needs", "pain_points", "narrative",
];

/** The schemas as `z` of one version of Zod makes them. */
export function schemasOf(z) {
  const uuid = z.string().uuid();
  const text = z.string().nullish();
  const block = z.record(z.string(), z.unknown()).nullish();

  const columns = {
    project_id: uuid,
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

  return {
    create: z.object(columns),
    update: z.object({
      id: uuid,
      ...columns,
      project_id: columns.project_id.optional(),
      name: columns.name.optional(),
    }),
    reference: z.object({ id: uuid }),
    list: z.object({
      project_id: uuid.optional(),
      projectId: uuid.optional(),
      limit: z.coerce.number().int().min(1).transform((limit) => Math.min(limit, 1000)).default(100),
      offset: z.coerce.number().int().min(0).default(0),
      search: z.string().optional(),
    }),
  };
}
