//! Our terms in the words of Participedia, for its CSV of cases.
//!
//! The pairs of sectors, themes, mechanisms, levels and scopes are those of the project's domain page;
//! the spelling of the keys is that of participedia/api, `api/helpers/shared-field-options.js` @ 1499dc51.
//! A term that is not here has no near word there, and is left out of an export.

use super::{
    CHANGE_TYPES, MECHANISMS, ORGANISATION_TYPES, PARTICIPATION_CHANNELS, PARTICIPATION_LEVELS, PARTICIPATION_OPENNESS,
    SCOPES, SECTORS, THEMES, Vocabulary,
};

/// One of our terms and one key of Participedia.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Equivalent {
    /// Our vocabulary.
    pub vocabulary: &'static Vocabulary,
    /// Our term.
    pub term: &'static str,
    /// The field of the case there; in the CSV a ranked field has `_1`, `_2`, `_3` after it.
    pub field: &'static str,
    /// The key there.
    pub key: &'static str,
}

/// Every pair; the first of a term is the nearest.
pub static PARTICIPEDIA: &[Equivalent] = &[
    same(&SECTORS, "education", "general_issues", "education"),
    same(&SECTORS, "housing_utilities", "general_issues", "housing"),
    same(&SECTORS, "housing_utilities", "general_issues", "planning"),
    same(&SECTORS, "environment", "general_issues", "environment"),
    same(&SECTORS, "culture", "general_issues", "arts"),
    same(&SECTORS, "youth_sport", "general_issues", "arts"),
    same(&SECTORS, "youth_sport", "targeted_participants", "youth"),
    same(&SECTORS, "small_business", "general_issues", "business"),
    same(&SECTORS, "small_business", "general_issues", "economics"),
    same(&THEMES, "budget", "specific_topics", "budget"),
    same(&THEMES, "admin_services", "general_issues", "governance"),
    same(&THEMES, "strategic_planning", "general_issues", "planning"),
    same(&MECHANISMS, "general_meeting", "method_types", "public_meetings"),
    same(&MECHANISMS, "public_hearing", "method_types", "public_meetings"),
    same(&MECHANISMS, "local_initiative", "method_types", "direct"),
    same(&MECHANISMS, "participatory_budget", "method_types", "public"),
    same(&MECHANISMS, "school_pb", "method_types", "public"),
    same(&MECHANISMS, "public_consultation", "approaches", "consultation"),
    same(&MECHANISMS, "advisory_body", "method_types", "longterm"),
    same(&MECHANISMS, "civic_council", "method_types", "longterm"),
    same(&MECHANISMS, "youth_council", "method_types", "longterm"),
    same(&MECHANISMS, "idp_council", "method_types", "longterm"),
    same(&MECHANISMS, "osn", "method_types", "community"),
    same(&MECHANISMS, "osbb", "method_types", "internal"),
    same(&MECHANISMS, "public_evaluation", "method_types", "evaluation"),
    same(&MECHANISMS, "public_expertise", "method_types", "evaluation"),
    same(&MECHANISMS, "reporting", "method_types", "evaluation"),
    same(&MECHANISMS, "local_referendum", "method_types", "direct"),
    same(&MECHANISMS, "citizens_assembly", "method_types", "deliberative"),
    same(&MECHANISMS, "participatory_planning", "method_types", "planning"),
    same(&MECHANISMS, "coproduction", "method_types", "community"),
    same(&MECHANISMS, "imc", "method_types", "collaborative"),
    same(&PARTICIPATION_LEVELS, "inform", "public_spectrum", "inform"),
    same(&PARTICIPATION_LEVELS, "consult", "public_spectrum", "consult"),
    same(&PARTICIPATION_LEVELS, "involve", "public_spectrum", "involve"),
    same(&PARTICIPATION_LEVELS, "collaborate", "public_spectrum", "collaborate"),
    same(&PARTICIPATION_LEVELS, "empower", "public_spectrum", "empower"),
    same(&SCOPES, "street_block", "scope_of_influence", "neighbourhood"),
    same(&SCOPES, "hromada", "scope_of_influence", "city/town"),
    same(&SCOPES, "inter_hromada", "scope_of_influence", "regional"),
    same(&PARTICIPATION_CHANNELS, "in_person", "facetoface_online_or_both", "facetoface"),
    same(&PARTICIPATION_CHANNELS, "online", "facetoface_online_or_both", "online"),
    same(&PARTICIPATION_CHANNELS, "both", "facetoface_online_or_both", "both"),
    same(&PARTICIPATION_OPENNESS, "all", "open_limited", "open"),
    same(&PARTICIPATION_OPENNESS, "all_with_effort", "open_limited", "open_to"),
    same(&PARTICIPATION_OPENNESS, "limited", "open_limited", "limited"),
    same(&ORGANISATION_TYPES, "academic_institution", "organizer_types", "academic"),
    same(&ORGANISATION_TYPES, "activist_network", "organizer_types", "activist"),
    same(&ORGANISATION_TYPES, "community_organisation", "organizer_types", "community"),
    same(&ORGANISATION_TYPES, "faith_organisation", "organizer_types", "faithbased"),
    same(&ORGANISATION_TYPES, "business", "organizer_types", "forprofit"),
    same(&ORGANISATION_TYPES, "public_enterprise", "organizer_types", "governmentowned"),
    same(&ORGANISATION_TYPES, "individual", "organizer_types", "individual"),
    same(&ORGANISATION_TYPES, "international_organisation", "organizer_types", "international"),
    same(&ORGANISATION_TYPES, "local_government", "organizer_types", "local"),
    same(&ORGANISATION_TYPES, "national_government", "organizer_types", "national"),
    same(&ORGANISATION_TYPES, "ngo", "organizer_types", "nongovernmental"),
    same(&ORGANISATION_TYPES, "philanthropic_organisation", "organizer_types", "philanthropic"),
    same(&ORGANISATION_TYPES, "regional_government", "organizer_types", "regional"),
    same(&ORGANISATION_TYPES, "social_movement", "organizer_types", "social"),
    same(&ORGANISATION_TYPES, "trade_union", "organizer_types", "labortrade"),
    same(&ORGANISATION_TYPES, "not_applicable", "organizer_types", "n/a"),
    same(&CHANGE_TYPES, "people", "change_types", "changes"),
    same(&CHANGE_TYPES, "civic_capacity", "change_types", "changes_civic"),
    same(&CHANGE_TYPES, "public_policy", "change_types", "changes_public"),
    same(&CHANGE_TYPES, "institutions", "change_types", "changes_how"),
    same(&CHANGE_TYPES, "conflict", "change_types", "conflict"),
];

/// Every key of Participedia for one of our terms, nearest first; none if it has no near word.
pub fn participedia_keys(vocabulary: &Vocabulary, term: &str) -> impl Iterator<Item = &'static Equivalent> {
    PARTICIPEDIA.iter().filter(move |row| row.vocabulary.key == vocabulary.key && row.term == term)
}

/// The nearest key of Participedia for one of our terms.
#[must_use]
pub fn participedia_key(vocabulary: &Vocabulary, term: &str) -> Option<&'static Equivalent> {
    participedia_keys(vocabulary, term).next()
}

const fn same(
    vocabulary: &'static Vocabulary,
    term: &'static str,
    field: &'static str,
    key: &'static str,
) -> Equivalent {
    Equivalent { vocabulary, term, field, key }
}
