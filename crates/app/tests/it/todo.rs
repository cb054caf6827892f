//! To do: what waits for each person, and for nobody else.

use crate::county::{TestApp, on_each_app};
use crate::problem::{TEXT, at, note, reason};
use bihuan_app::problem::{AnswerInput, ExtensionInput, HandUpInput, MeasureInput};
use bihuan_app::todo::TodoKind;
use bihuan_domain::problem::State;

fn kinds(t: &TestApp, who: &str) -> Vec<TodoKind> {
    let todo = t.app.todo(&t.ctx(who), None).unwrap();
    let counted: i64 = todo.counts.values().sum();
    assert_eq!(counted, todo.items.len() as i64, "the counts are those of the list");
    todo.items.into_iter().map(|item| item.kind).collect()
}

#[test]
fn each_state_waits_for_the_people_whose_turn_it_is() {
    use TodoKind::*;
    type People = &'static [(&'static str, &'static [TodoKind])];
    let table: [(State, People); 7] = [
        (State::Registered, &[("leader", &[Screen]), ("office", &[Screen]), ("other_filler", &[])]),
        (State::Screened, &[("leader", &[]), ("office", &[Meet])]),
        (State::Accepted, &[("office", &[Assign])]),
        (
            State::Assigned,
            &[("filler", &[Sign]), ("town_leader", &[Sign]), ("leader", &[]), ("village", &[])],
        ),
        (State::Rectifying, &[("filler", &[Rectify]), ("verifier", &[])]),
        (State::Reported, &[("filler", &[]), ("verifier", &[Verify]), ("inspector", &[Verify])]),
        (State::Proposed, &[("office", &[]), ("verifier", &[])]),
    ];
    on_each_app(|t| {
        for (state, people) in table {
            let id = at(t, TEXT, state);
            for (who, wanted) in people {
                assert_eq!(kinds(t, who), *wanted, "{who} at {state:?}");
            }
            assert_eq!(kinds(t, "stranger"), [], "{state:?}");
            assert_eq!(kinds(t, "evaluator"), [], "{state:?}");
            if state == State::Proposed {
                t.days(6);
                assert_eq!(kinds(t, "office"), [Confirm]);
                t.app.confirm_closure(&t.ctx("office"), id, None, note("")).unwrap();
                assert_eq!(kinds(t, "inspector"), []);
                t.days(90);
                assert_eq!(kinds(t, "inspector"), [LookBack]);
                assert_eq!(kinds(t, "verifier"), [], "who verified does not look back");
                assert_eq!(kinds(t, "filler"), []);
            } else {
                // Out of the way, so that the next state stands alone.
                t.app
                    .db
                    .write(move |conn| {
                        conn.exec(
                            "UPDATE problem SET state = 'closed' WHERE id = $1",
                            &[bihuan_store::Val::Int(id.0)],
                        )
                    })
                    .unwrap();
            }
        }
    });
}

#[test]
fn requests_wait_for_who_answers_and_measures_for_who_owns_them() {
    use TodoKind::*;
    on_each_app(|t| {
        let id = at(t, TEXT, State::Rectifying);
        let ask = ExtensionInput {
            due_day: "2024-07-31".to_owned(),
            reason: "汛期".to_owned(),
            ..Default::default()
        };
        t.app.ask_extension(&t.ctx("filler"), id, None, ask).unwrap();
        assert_eq!(kinds(t, "office"), [Extension]);
        assert_eq!(kinds(t, "town_leader"), [Rectify], "the doer's leader does not decide");
        let answer = AnswerInput {
            decision: "refuse".to_owned(),
            reason: "材料不足".to_owned(),
            ..Default::default()
        };
        t.app.decide_extension(&t.ctx("office"), id, None, answer).unwrap();
        let measure = MeasureInput {
            measure: "更换破损渠板120米".to_owned(),
            owner_post: "4".to_owned(),
            measure_deadline: "2024年4月10日前".to_owned(),
            ..MeasureInput::default()
        };
        t.app.add_measure(&t.ctx("filler"), id, None, measure).unwrap();
        let todo = t.app.todo(&t.ctx("town_leader"), None).unwrap();
        let listed: Vec<_> = todo.items.iter().map(|i| (i.kind, i.day.map(|d| d.to_string()))).collect();
        let day = Some("2024-04-10".to_owned());
        assert_eq!(listed, [(Measure, day.clone()), (Rectify, day)], "nearest first");
        assert_eq!(t.app.todo(&t.ctx("town_leader"), Some(Measure)).unwrap().items.len(), 1);
        let ask = HandUpInput { superior: "云溪县".to_owned(), needed: "资金".to_owned() };
        t.app.hand_up(&t.ctx("filler"), id, None, ask).unwrap();
        assert_eq!(kinds(t, "leader"), [HandUp]);
        let claim = AnswerInput { decision: "grant".to_owned(), ..AnswerInput::default() };
        t.app.answer_hand_up(&t.ctx("leader"), id, None, claim).unwrap();
        assert_eq!(kinds(t, "leader"), [Help]);
        assert_eq!(kinds(t, "town_leader"), [], "the clock is the county's");
    });
}

#[test]
fn what_is_late_is_said_to_be_late_and_comes_first() {
    on_each_app(|t| {
        let late = at(t, TEXT, State::Rectifying);
        t.days(130);
        let fresh = at(t, "柳湾乡集镇污水直排入河，影响300户", State::Accepted);
        let sent = bihuan_app::problem::AssignInput {
            deadline: "2024年12月底前".to_owned(),
            ..crate::problem::order()
        };
        t.app.assign(&t.ctx("office"), fresh, None, sent).unwrap();
        let todo = t.app.todo(&t.ctx("filler"), None).unwrap();
        let listed: Vec<_> =
            todo.items.iter().map(|i| (i.problem.as_ref().unwrap().problem_id, i.late)).collect();
        assert_eq!(listed, [(late, true), (fresh, false)]);
        t.app.return_assignment(&t.ctx("filler"), fresh, None, reason("不归本镇")).unwrap();
        assert_eq!(t.app.todo(&t.ctx("filler"), None).unwrap().items.len(), 1);
    });
}
