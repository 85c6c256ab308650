//! A model as a list of its members.

/// Declares a [`Model`](super::Model) by its members. What a member takes is the name of a [`Slot`](super::Slot):
///
/// ```text
/// model! {
///     struct PersonModel {
///         "Name" name: Text;              // name: Option<String>
///         "Age" age: NullableInt;         // age: Option<i32>
///         "Parts" parts: List<PartModel>; // parts: Option<Vec<Option<PartModel>>>
///     }
/// }
/// ```
macro_rules! model {
    (@holds Text) => { Option<String> };
    (@holds Int) => { Option<i32> };
    (@holds NullableInt) => { Option<i32> };
    (@holds NullableBool) => { Option<bool> };
    (@holds List $item:ident) => { Option<Vec<Option<$item>>> };
    ($(#[$attribute:meta])* $vis:vis struct $Model:ident {
        $($member:literal $field:ident: $slot:ident $(<$item:ident>)?;)*
    }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Default)]
        $vis struct $Model {
            $($vis $field: $crate::dialects::json_net::model!(@holds $slot $($item)?),)*
        }

        impl $crate::dialects::json_net::Model for $Model {
            fn slot(&mut self, member: &str) -> Option<(u32, $crate::dialects::json_net::Slot<'_>)> {
                // Each member counts those before it; the last count is of no use.
                let number = 0;
                $(
                    if member.eq_ignore_ascii_case($member) {
                        return Some((number, $crate::dialects::json_net::Slot::$slot(&mut self.$field)));
                    }
                    let number = number + 1;
                )*
                let _ = number;
                None
            }
        }
    };
}

pub(crate) use model;
