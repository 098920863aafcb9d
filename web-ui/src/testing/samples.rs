//! A small library that looks like a real one.

use std::sync::LazyLock;

use crdt::id::{CommunityId, DocumentId, DocumentName, RecordId};
use crdt::practice::{
    Conditions, Contact, CostItem, Costs, Indicator, LawReference, LegalDocument, Location, Organisation, Participants,
    Practice, Provenance, Step,
};
use crdt::profile::{Instrument, Offer, PROFILE, Population, Profile, Wish};
use crdt::view::{Conflict, ConflictVersion, completeness};

use crate::library::search::IndexStatus;
use crate::library::{CommunityCard, Difference, Peer, ProfilePage, Quarantined, Revision, Status, Warning};
use crate::people::{Account, People, Role, password};
use crate::testing::{Contents, FakeLibrary, practice_page};

/// The KATOTTG code of the sample community.
pub const CODE: &str = "UA48060050000074873";
/// The sample community.
pub const OWNER: CommunityId = CommunityId([1; 32]);
/// The sample draft's id.
pub const DRAFT: DocumentName = DocumentName([9; 16]);
/// The id of the sample draft of a request.
pub const RECORD_DRAFT: DocumentName = DocumentName([10; 16]);
/// The bytes of the sample record.
pub const RECORD: &[u8] = b"a record";

/// The password of every sample account.
pub const PASSWORD: &str = "чотири сині парасолі";
static PASSWORD_HASH: LazyLock<String> = LazyLock::new(|| password::hash(PASSWORD));

/// The sample practice's id.
#[must_use]
pub fn practice_id() -> DocumentId {
    DocumentId::of(&OWNER, &DocumentName([1; 16]))
}

/// A library with a full practice, a few bare ones, a community, a history and peers.
#[must_use]
pub fn library() -> FakeLibrary {
    let library = FakeLibrary::default();
    fill(&mut library.contents());
    let accounts = [("Оксана", Role::Administrator), ("Іван", Role::Editor), ("Петро", Role::Reader)];
    let accounts = accounts.map(|(name, role)| Account {
        name: name.into(),
        role,
        password: PASSWORD_HASH.clone(),
        created_at: 1_756_035_120_000,
        devices: Vec::new(),
    });
    // In memory nothing fails.
    let _ = library.people.keep_accounts(&accounts);
    library
}

fn fill(contents: &mut Contents) {
    contents.drafts.insert(DRAFT.to_string(), serde_json::json!({ "title": "Недописане" }));
    let request =
        serde_json::json!({ "kind": "exchange", "title": "Шукаємо досвід", "form": [["title", "Шукаємо досвід"]] });
    contents.drafts.insert(RECORD_DRAFT.to_string(), request);
    let mut whole = practice_page(OWNER, CODE, 1, practice());
    whole.conflicts = conflicts();
    contents.practices.insert(whole.id.clone(), whole);
    for (number, (title, sector)) in (2..).zip(TITLES) {
        let bare = Practice {
            title: title.to_owned(),
            summary: "Мешканці самі обрали, що робити, і долучилися до роботи. Громада дала матеріали й транспорт."
                .into(),
            sectors: vec![sector.to_owned()],
            community: (number % 2 == 0).then(|| CODE.to_owned()),
            solution: "Зробили разом.".into(),
            ..Practice::default()
        };
        let page = practice_page(OWNER, CODE, number, bare);
        contents.practices.insert(page.id.clone(), page);
    }
    for page in super::documents::samples() {
        contents.history.insert(page.card.id.clone(), history());
        contents.documents.insert(page.card.id.clone(), page);
    }
    let profile = profile_page();
    contents.communities.insert(profile.community.id.clone(), profile);
    contents.history.insert(practice_id().to_string(), history());
    contents.history.insert(DocumentId::of(&OWNER, &DocumentName::PROFILE).to_string(), history());
    contents.records.insert(RecordId::of(RECORD).to_string(), RECORD.to_vec());
    contents.quarantine.push(Quarantined {
        record: "cd".repeat(32),
        document: practice_id().to_string(),
        reason: "waiting".into(),
    });
    contents.peers = peers();
    contents.status = Some(status());
}

const TITLES: [(&str, &str); 24] = {
    let mut titles = [("Шкільний бюджет участі", "education"); 24];
    titles[1] = ("Електронні петиції: від подання до виконання", "housing_utilities");
    titles[2] = ("Толока на березі Інгулу", "environment");
    titles[3] = ("Молодіжна рада обирає проєкти", "youth_sport");
    titles
};

/// A practice with every field filled in.
#[must_use]
pub fn practice() -> Practice {
    Practice {
        lang: "uk".into(),
        title: "Бюджет участі в сільській громаді: 12 проєктів за 4 роки".into(),
        summary: "Мешканці п’яти старостинських округів щороку обирають, на що витратити 500 тис. грн. За чотири роки \
                  реалізовано 12 проєктів, участь у голосуванні зросла втричі."
            .into(),
        sectors: vec!["environment".into(), "youth_sport".into()],
        themes: vec!["budget".into()],
        mechanisms: vec!["participatory_budget".into(), "general_meeting".into()],
        participation_level: Some("empower".into()),
        community: Some(CODE.into()),
        settlement: "с. Воскресенське".into(),
        location: Some(Location { lat: 46.975, lon: 31.9946 }),
        scope: Some("hromada".into()),
        stage: Some("running".into()),
        started: Some("2021-03".into()),
        ended: Some("2025-08-24".into()),
        recurring: Some("yearly".into()),
        problem: "Люди не вірили, що їхня думка щось змінює.\n\nНа збори приходило 10–15 осіб:\n- здебільшого \
                  пенсіонери;\n- майже без молоді."
            .into(),
        background: "У 2020 році громада об’єднала п’ять сільських рад.".into(),
        solution:
            "Ухвалили положення про бюджет участі. Провели зустрічі в кожному селі. Голосували на папері й онлайн."
                .into(),
        results_text: "Реалізовано 12 проєктів: сцена, освітлення, спортивний майданчик.".into(),
        change_types: Vec::new(),
        mistakes: "Першого року не передбачили перевірку кошторисів.".into(),
        lessons: "Почніть із малої суми й одного села.".into(),
        adopted_from: Some(practice_id().to_string()),
        component_of: Some(practice_id().to_string()),
        duplicate_of: Some(practice_id().to_string()),
        related: vec![practice_id().to_string()],
        contributors: vec![CODE.to_owned()],
        keywords: vec!["голосування".into(), "проєкти мешканців".into()],
        licence: "CC-BY-4.0".into(),
        ..tables()
    }
}

fn tables() -> Practice {
    let organisation =
        |name: &str, kind: &str| Organisation { name: name.into(), kind: kind.into(), katottg: CODE.into() };
    let step = |title: &str, days, who: &str, document: &str| Step {
        title: title.into(),
        days: Some(days),
        who: who.into(),
        document: document.into(),
    };
    Practice {
        steps: vec![
            step("Ухвалити положення", 30, "секретар ради", "рішення ради"),
            step("Прийняти проєкти", 45, "робоча група", ""),
            step("Провести голосування", 14, "старости", "протокол"),
        ],
        organizers: vec![organisation("Воскресенська селищна рада", "local_government")],
        partners: vec![organisation("ГО «Разом»", "ngo")],
        participants: Participants {
            total: Some(14_832),
            target_groups: vec!["youth".into()],
            channel: Some("both".into()),
            open: Some("all".into()),
        },
        legal_docs: vec![LegalDocument {
            kind: "decision".into(),
            number: "12-VIII".into(),
            date: "2021-03-15".into(),
            body: "селищна рада".into(),
            url: "https://rada.example.gov.ua/12".into(),
        }],
        law_refs: vec![LawReference {
            law: "Про місцеве самоврядування в Україні".into(),
            article: "13".into(),
            checked_on: "2025-06-01".into(),
        }],
        costs: costs(),
        results: vec![Indicator {
            indicator: "Участь у голосуванні".into(),
            unit: "осіб".into(),
            before: Some(412.0),
            after: Some(1_236.5),
            measured_on: "2024-12".into(),
            source: "протокол комісії".into(),
        }],
        conditions: conditions(),
        contact: Contact {
            role: "начальник відділу участі".into(),
            unit: "відділ участі громадян".into(),
            phone: "(05136) 9-12-34".into(),
            email: "uchast@example.gov.ua".into(),
            hours: "пн–пт, 8:00–17:00".into(),
            consent_given_on: "2025-01-10".into(),
        },
        provenance: Some(Provenance {
            system: "Participedia".into(),
            source_id: "5021".into(),
            url: "https://participedia.net/case/5021".into(),
            licence: "CC-BY-SA-4.0".into(),
            credit: "автори Participedia".into(),
            imported_at: "2025-08-01".into(),
        }),
        ..Practice::default()
    }
}

fn costs() -> Costs {
    Costs {
        total_uah: Some(2_000_000),
        year: Some(2024),
        items: vec![CostItem { what: "проєкти".into(), uah: Some(1_900_000), source: "local_budget".into() }],
        staff_hours: Some(640),
        yearly_uah: Some(500_000),
    }
}

fn conditions() -> Conditions {
    Conditions {
        population_min: Some(5_000),
        population_max: Some(50_000),
        community_types: vec!["rural".into(), "settlement".into()],
        budget_band: None,
        staff: "одна особа на пів ставки".into(),
        months_to_first_result: Some(9),
        legal_prereq: vec!["статут громади".into()],
        tech_prereq: vec!["платформа голосування".into()],
        not_suitable_if: "немає коштів на перший рік".into(),
    }
}

fn conflicts() -> Vec<Conflict> {
    let version = |value: &str, device: &str| ConflictVersion {
        value: value.to_owned(),
        device: device.repeat(32),
        record: "cd".repeat(32),
        created_at: 1_756_035_120_000,
    };
    let of = |field: &str, item, values: [&str; 2]| Conflict {
        field: field.to_owned(),
        item,
        versions: vec![version(values[0], "a1"), version(values[1], "b2")],
    };
    vec![
        of("stage", None, ["running", "finished"]),
        of(
            "problem",
            Some(0),
            ["Люди не вірили, що їхня думка щось змінює.", "Люди не знали, що можуть щось змінити."],
        ),
        of(
            "steps",
            Some(1),
            [r#"{"title":"Прийняти проєкти","days":45}"#, r#"{"title":"Прийняти проєкти","days":60}"#],
        ),
    ]
}

/// A profile with every field filled in.
#[must_use]
pub fn profile() -> Profile {
    Profile {
        about: "Громада над Інгулом, дев’ять сіл і селище.".into(),
        population: Population { value: Some(11_240), year: Some(2022), source: "Держстат".into() },
        location: Some(Location { lat: 46.975, lon: 31.9946 }),
        website: "https://gromada.example.gov.ua".into(),
        email: "rada@example.gov.ua".into(),
        phone: "(05136) 9-12-34".into(),
        edrpou: "04375613".into(),
        body_type: None,
        ready_to_share: vec![Offer {
            sector: "environment".into(),
            themes: vec!["budget".into()],
            practice_ids: vec![practice_id().to_string()],
            formats: vec!["call".into()],
            per_month: Some(2),
            conditions: "безкоштовно".into(),
            contact: "начальник відділу участі".into(),
            confirmed_on: "2025-08-01".into(),
            valid_until: "2026-08-01".into(),
        }],
        needs: vec![Wish {
            sector: "education".into(), text: "досвід шкільного бюджету участі".into()
        }],
        instruments: vec![Instrument {
            mechanism: "participatory_budget".into(),
            document: "рішення № 12-VIII".into(),
            since: "2021".into(),
            used_last_year: Some(true),
        }],
        partners: vec![CODE.into(), "ГО «Разом»".into()],
    }
}

/// The sample community as a list shows it.
#[must_use]
pub fn community() -> CommunityCard {
    let hromada = crdt::codifier::find(CODE);
    CommunityCard {
        id: OWNER.to_string(),
        code: CODE.into(),
        name_uk: hromada.map(crdt::codifier::Hromada::full_name_uk).unwrap_or_default(),
        name_en: hromada.map(crdt::codifier::Hromada::full_name_en).unwrap_or_default(),
        practices: 25,
        devices: 3,
        forked: false,
    }
}

fn profile_page() -> ProfilePage {
    let profile = profile();
    ProfilePage {
        community: community(),
        heads: vec!["ab".repeat(32)],
        editable: true,
        completeness: completeness(PROFILE, &serde_json::to_value(&profile).unwrap_or_default()),
        profile,
        conflicts: Vec::new(),
    }
}

fn history() -> Vec<Revision> {
    let revision = |number: u8, differences, set_aside| Revision {
        record: RecordId([number; 32]).to_string(),
        change: "ab".repeat(32),
        follows: Vec::new(),
        device: "ef".repeat(32),
        device_name: "Комп’ютер відділу".into(),
        created_at: 1_756_035_120_000,
        differences,
        set_aside,
    };
    let difference = |field: &str, removed: &str, added: &str| Difference {
        field: field.into(),
        removed: vec![removed.into()],
        added: vec![added.into()],
    };
    let differences = vec![
        difference("title", "", "Бюджет участі"),
        difference("stage", "pilot", "running"),
        difference("steps", r#"{"title":"Прийняти","days":45}"#, r#"{"title":"Прийняти проєкти","days":60}"#),
    ];
    vec![revision(1, differences, None), revision(2, Vec::new(), Some("no_right".into()))]
}

fn peers() -> Vec<Peer> {
    let peer = |id: &str, connected| Peer {
        id: id.into(),
        address: "/dns4/peer.example.org/udp/4001/quic-v1".into(),
        connected,
        dialled: connected,
        since: Some(1_756_031_520_000),
        agent: "dosvid/0.1.0".into(),
        community: connected.then(|| CODE.to_owned()),
        received: 14_832,
        sent: 120,
        received_bytes: 9_400_000,
        sent_bytes: 81_000,
        refused: 3,
        missing: u64::from(connected) * 1_350,
        caught_up_at: connected.then_some(1_756_035_120_000),
    };
    vec![peer("12D3KooWGzBzZ7vXt1", true), peer("12D3KooWLJtG8fd2hk", false)]
}

fn status() -> Status {
    Status {
        index: IndexStatus { state: "ready".into(), documents: 2, ..IndexStatus::default() },
        version: "0.1.0".into(),
        network: "dosvid-test".into(),
        community: Some(OWNER.to_string()),
        community_code: Some(CODE.into()),
        community_name: Some(community().name_uk),
        device: "ef".repeat(32),
        records: 15_204,
        fingerprint: "9f".repeat(16),
        practices: 25,
        communities: 1,
        pending: 0,
        waiting: 2,
        set_aside: 1,
        peers: 1,
        addresses: vec!["/ip4/192.0.2.7/udp/4001/quic-v1".into()],
        missing: 1_350,
        caught_up_at: Some(1_756_035_120_000),
        unsent: 2,
        started_at: 1_756_031_520_000,
        disk_bytes: 48_000_000,
        warnings: vec![Warning {
            code: "no_backup".into(),
            uk: "Журнал власних записів давно не копіювали. Скопіюйте його на інший носій.".into(),
            en: "The journal of own records was not copied for long. Copy it elsewhere.".into(),
        }],
    }
}
