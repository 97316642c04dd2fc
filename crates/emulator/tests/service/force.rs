//! Updates that lose local data, cannot be taken back, or come with warnings.

use crate::bench::{
    BY_NAME, BY_SLOT, Bench, Reply, change, create_deployment, create_service, rollback, upgrade,
};

const WEB: &[(&str, u32)] = &[("Web", 2)];

fn upgrade_to(bench: &mut Bench, mode: &str, parameters: &str, force: bool) -> Reply {
    let body = upgrade(mode, "two", WEB)
        .replace("2.cspkg", &format!("2.cspkg?{parameters}"))
        .replace("<Force>true", &format!("<Force>{force}"));
    bench.post(&format!("{BY_NAME}/?comp=upgrade"), &body)
}

fn failure(bench: &mut Bench, reply: &Reply) -> String {
    bench.settle();
    assert_eq!(bench.operation(&reply.id()), "Failed 400 BadRequest");
    bench.get(&format!("/operations/{}", reply.id())).text("Message")
}

#[test]
fn another_size_must_be_forced() {
    let mut bench = Bench::running(WEB);
    let accepted = upgrade_to(&mut bench, "Auto", "roleSize=Medium", false).expect(202);
    assert_eq!(bench.board(), "Running locked [ReadyRole ReadyRole]");
    assert!(failure(&mut bench, &accepted).contains("local data"));
    assert_eq!(bench.board(), "Running [ReadyRole ReadyRole]");
    assert_eq!(bench.versions(), [1, 1]);

    upgrade_to(&mut bench, "Manual", "roleSize=Medium", true).expect(202);
    bench.settle();
    bench.walk(0).expect(202);
    bench.pass(25);
    assert!(bench.board().ends_with("[CreatingVM ReadyRole]"), "{}", bench.board());
    bench.settle();
    assert_eq!(bench.get(BY_NAME).all("InstanceSize"), ["Medium", "Small"]);
    let seen: Vec<_> =
        bench.instances().into_iter().map(|it| (it.size, it.installs, it.wipes)).collect();
    assert_eq!(seen, [("Medium".to_owned(), 1, 1), ("Small".to_owned(), 0, 0)]);
}

#[test]
fn the_removal_of_a_role_must_be_forced() {
    const ROLES: &[(&str, u32)] = &[("Web", 2), ("Old", 1), ("Older", 1)];
    for (left, gone) in [
        (&[("Web", 2)][..], "Old"),
        (&[("Web", 3), ("Old", 2)], "Older"),
        (&[("Older", 1), ("Old", 1)], "Web"),
    ] {
        let mut bench = Bench::running(ROLES);
        let path = format!("{BY_NAME}/?comp=upgrade");
        let unforced = upgrade("Auto", "two", left).replace("<Force>true", "<Force>false");
        for body in [&unforced, &unforced.replace("<Force>false</Force>", "")] {
            let accepted = bench.post(&path, body).expect(202);
            assert_eq!(
                failure(&mut bench, &accepted),
                format!(
                    "Removing role {gone} will cause loss of data stored locally on instances of \
                     the role. Repeat this operation and specify 'Force'."
                )
            );
            assert_eq!(bench.instances().len(), 4);
        }
        bench.post(&path, &upgrade("Auto", "two", left)).expect(202);
        bench.settle();
        let count: u32 = left.iter().map(|(_, count)| count).sum();
        assert_eq!(bench.instances().len(), count as usize);
    }
}

#[test]
fn so_must_the_way_back_from_another_size() {
    let mut bench = Bench::running(WEB);
    upgrade_to(&mut bench, "Manual", "roleSize=Medium", true).expect(202);
    bench.settle();
    // Nothing has been changed yet, so nothing is lost.
    bench.roll_back("Auto").expect(202);
    bench.settle();
    upgrade_to(&mut bench, "Manual", "roleSize=Medium", true).expect(202);
    bench.settle();
    bench.walk(0).expect(202);
    bench.settle();

    let accepted = bench.roll_back("Auto").expect(202);
    failure(&mut bench, &accepted);
    assert!(bench.board().contains("rollback Manual Before 1"), "{}", bench.board());
    // An upgrade to the old size would change the first instance, too.
    let accepted = upgrade_to(&mut bench, "Auto", "", false).expect(202);
    failure(&mut bench, &accepted);

    let forced = rollback("Auto").replace("false", "true");
    bench.post(&format!("{BY_SLOT}/?comp=rollback"), &forced).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).all("InstanceSize"), ["Small", "Small"]);
    assert_eq!(bench.instances()[0].wipes, 2);
}

#[test]
fn force_is_not_needed_where_nothing_is_lost() {
    let mut bench = Bench::running(WEB);
    upgrade_to(&mut bench, "Auto", "roleSize=Small", false).expect(202);
    bench.settle();
    assert_eq!(bench.versions(), [2, 2]);
}

#[test]
fn local_storage_only_grows_and_then_there_is_no_way_back() {
    let mut bench = Bench::running(WEB);
    upgrade_to(&mut bench, "Manual", "localStorage=100", false).expect(202);
    bench.settle();
    bench.walk(0).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).text("RollbackAllowed"), "false");
    assert_eq!(bench.roll_back("Auto").code(), "400 BadRequest");
    for domain in 1..5 {
        bench.walk(domain).expect(202);
        bench.settle();
    }
    let refused = upgrade_to(&mut bench, "Auto", "localStorage=99", true);
    assert_eq!(refused.code(), "400 BadRequest");
    upgrade_to(&mut bench, "Manual", "localStorage=100", true).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).text("RollbackAllowed"), "true");
}

#[test]
fn the_size_of_one_role_is_its_own() {
    let both = &[("Web", 1), ("Batch", 1)];
    let mut bench = Bench::running(both);
    let body = upgrade("Auto", "two", both)
        .replace("2.cspkg", "2.cspkg?roleSize=Large&amp;localStorage=9")
        .replace("<Force>", "<RoleToUpgrade>Batch</RoleToUpgrade><Force>");
    bench.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).all("InstanceSize"), ["Small", "Large"]);

    // A change of the configuration leaves both as they are.
    bench.change("Manual", both).expect(202);
    bench.settle();
    assert_eq!(bench.get(BY_NAME).text("RollbackAllowed"), "true");
    bench.roll_back("Auto").expect(202);
    bench.settle();
    // The other role never had that storage.
    let body = body.replace("localStorage=9", "localStorage=0").replace("Batch<", "Web<");
    let body = body.replace("<Force>true", "<Force>false");
    let accepted = bench.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    failure(&mut bench, &accepted);
}

#[test]
fn warnings_fail_an_operation_that_takes_them_for_errors() {
    let warning = "p?warning=The%20SDK%20is%20old&amp;warning=b";
    let strict = |body: String| {
        let flag = "<TreatWarningsAsError>true</TreatWarningsAsError>";
        body.replace("</Configuration><Mode>", &format!("</Configuration>{flag}<Mode>"))
            .replace("<Force>", &format!("{flag}<Force>"))
            .replace("</StartDeployment>", &format!("</StartDeployment>{flag}"))
    };
    let mut bench = Bench::new();
    bench.post("/services/hostedservices", &create_service("contoso")).expect(201);
    let create = create_deployment("first", "one", WEB, true).replace("1.cspkg", warning);
    let accepted = bench.post(BY_SLOT, &strict(create.clone())).expect(202);
    assert_eq!(bench.board(), "Deploying locked []");
    bench.pass(9);
    assert_eq!(bench.operation(&accepted.id()), "InProgress");
    assert!(failure(&mut bench, &accepted).contains("warnings"));
    let status = bench.get(&format!("/operations/{}", accepted.id()));
    assert_eq!(status.all("WarningMessage"), ["The SDK is old", "b"]);
    assert_eq!(status.within("ConfigurationWarning", "WarningCode"), ["PackageWarning"; 2]);
    assert_eq!(bench.get(BY_SLOT).message(), "No deployments were found.");

    bench.post(BY_SLOT, &create).expect(202);
    bench.settle();
    let accepted =
        bench.post(&format!("{BY_NAME}/?comp=config"), &strict(change("Auto", WEB))).expect(202);
    failure(&mut bench, &accepted);
    bench.change("Auto", WEB).expect(202);
    bench.settle();
    let body = strict(upgrade("Auto", "two", WEB));
    let accepted = bench
        .post(&format!("{BY_NAME}/?comp=upgrade"), &body.replace("2.cspkg", warning))
        .expect(202);
    failure(&mut bench, &accepted);
    assert_eq!(bench.versions(), [2, 2]);
    bench.post(&format!("{BY_NAME}/?comp=upgrade"), &body).expect(202);
    bench.settle();
    bench.post(&format!("{BY_NAME}/?comp=config"), &strict(change("Auto", WEB))).expect(202);
    bench.settle();
    assert_eq!(bench.versions(), [4, 4]);
}

#[test]
fn an_update_in_progress_is_not_disturbed_by_one_that_fails() {
    let mut bench = Bench::running(WEB);
    bench.upgrade("Manual", "two", WEB).expect(202);
    bench.settle();
    bench.walk(0).expect(202);
    bench.settle();
    let accepted = upgrade_to(&mut bench, "Auto", "roleSize=Medium", false).expect(202);
    assert!(
        bench.board().contains("locked Manual Before 1")
            || bench.board().contains("locked rollback Manual Before 1")
    );
    failure(&mut bench, &accepted);
    assert!(bench.board().contains("rollback Manual Before 1"), "{}", bench.board());
    bench.walk(1).expect(202);
}
