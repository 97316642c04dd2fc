//! Names in the cases that Rust wants.

/// `get_reserved_ip` of `Get Reserved IP`, `GetReservedIP` and `get-reserved-ip`.
pub(super) fn snake(name: &str) -> String {
    words(name).join("_")
}

/// The same as the name of a field, which `type` cannot be.
pub(super) fn field(name: &str) -> String {
    let name = snake(name);
    if name == "type" { "kind".to_owned() } else { name }
}

/// `GetReservedIp` of the same.
pub(super) fn pascal(name: &str) -> String {
    words(name).iter().map(|word| capitalised(word)).collect()
}

/// `get-reserved-ip` of the same.
pub(super) fn kebab(name: &str) -> String {
    words(name).join("-")
}

/// The parts of a name, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    // The only plurals of abbreviations; they would come apart as `i_ps`.
    let name = name.replace("IPs", "Ips").replace("VMs", "Vms");
    let characters: Vec<char> = name.chars().collect();
    let mut words = vec![String::new()];
    for (at, character) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| characters[before]);
        let after_is_lower = characters.get(at + 1).is_some_and(|after| after.is_lowercase());
        let starts = character.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && after_is_lower)
            });
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (character.is_alphanumeric(), words.last_mut()) {
            word.extend(character.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

pub(super) fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_split_into_words() {
        for (name, expected) in [
            ("Reboot Role Instance", "reboot_role_instance"),
            ("ApplicationGateway.AddCertificate", "application_gateway_add_certificate"),
            ("PersistentVMDowntime", "persistent_vm_downtime"),
            ("affinity-group-name", "affinity_group_name"),
            ("VirtualIPs", "virtual_ips"),
            ("AADTenantID", "aad_tenant_id"),
            ("@type", "type"),
        ] {
            assert_eq!(snake(name), expected);
        }
        assert_eq!(field("Type"), "kind");
        assert_eq!(pascal("Get Reserved IP Address"), "GetReservedIpAddress");
        assert_eq!(kebab("Get Reserved IP Address"), "get-reserved-ip-address");
    }
}
