use super::*;

fn others(table: &Synonyms, typed: &str) -> Vec<String> {
    let normals: Vec<String> = words(typed).map(|word| normal(word.text)).collect();
    let normals: Vec<&str> = normals.iter().map(String::as_str).collect();
    table
        .beginning(&normals)
        .map(|(_, others)| others.iter().map(|other| other.text.clone()).collect())
        .unwrap_or_default()
}

#[test]
fn the_programs_table_is_understood_line_by_line() {
    let mut table = Synonyms::default();
    assert_eq!(table.read(TABLE), 0);
    assert!(table.len() > 700, "{}", table.len());
    for line in TABLE.lines().filter(|line| !line.starts_with('#')) {
        assert_eq!(line.trim(), line);
        for text in line.split('\t').skip(1) {
            assert!(words(text).count() <= TEXT_WORDS_MAX, "{text}");
        }
    }
}

#[test]
fn abbreviations_and_phrases_find_each_other() {
    let table = Synonyms::built_in();
    assert!(others(&table, "ЦНАП").contains(&"центр надання адміністративних послуг".to_owned()));
    assert!(others(&table, "центру надання адміністративних послуг").contains(&"ЦНАП".to_owned()));
    assert!(others(&table, "громадський бюджет").contains(&"бюджет участі".to_owned()));
    assert!(others(&table, "бюджету участі").contains(&"партиципаторний бюджет".to_owned()));
    assert!(others(&table, "скамейка").contains(&"лавка".to_owned()));
    assert!(others(&table, "лавка").iter().all(|other| other != "скамейка"), "one way only");
    assert!(others(&table, "го").contains(&"громадська організація".to_owned()));
    assert!(others(&table, "город").contains(&"місто".to_owned()));
    assert!(others(&table, "незвідане").is_empty());
    assert!(!others(&table, "жителями").is_empty());
    assert!(others(&table, "громадський").is_empty(), "another word, though of the same stem as hromada");
}

#[test]
fn a_file_adds_lines_and_takes_some_away() {
    let mut table = Synonyms::built_in();
    let odd = table.read("# мої\n\nsame\tвечорниці\tпосиденьки\ndrop\tтолока\nодин\nsame\tсам\n");
    assert_eq!(odd, 2);
    assert_eq!(others(&table, "вечорниці"), ["посиденьки"]);
    assert!(others(&table, "толока").is_empty());
    assert!(!others(&table, "суботник").contains(&"толока".to_owned()));
}

#[test]
fn no_table_is_too_long_or_too_odd() {
    let mut table = Synonyms::default();
    table.read(&"same\tщось\tінше\n".repeat(LINES_MAX * 2));
    table.read(&(0..3 * OTHERS_MAX).map(|at| format!("from\tслово\tінше{at}\n")).collect::<String>());
    table.read(&format!("same\t{}\t\u{0}\t😀\t{}", "ї".repeat(100_000), "слово ".repeat(10_000)));
    assert!(others(&table, "слово").len() <= OTHERS_MAX);
}
